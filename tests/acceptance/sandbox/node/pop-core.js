const { RPCClient } = require('@alicloud/pop-core');

module.exports = ({ endpoint, ...keys }) => (action, apiVersion, params) =>
  new RPCClient({ ...keys, endpoint: `http://${endpoint}`, apiVersion }).request(action, params, {
    method: 'POST',
  });
