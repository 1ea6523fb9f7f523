const { default: Client, Config } = require('@alicloud/rpc-client');
const { RuntimeOptions } = require('@alicloud/tea-util');

module.exports = (settings) => {
  const client = new Client(new Config({ ...settings, protocol: 'http' }));
  return (action, version, params) =>
    client.doRequest(action, 'HTTP', 'POST', version, 'AK', null, params, new RuntimeOptions({}));
};
