const { default: Client, Config, OpenApiRequest, Params } = require('@alicloud/openapi-client');
const { RuntimeOptions } = require('@alicloud/tea-util');

module.exports = (settings) => {
  const client = new Client(new Config({ ...settings, protocol: 'http' }));
  return async (action, version, params) => {
    const api = new Params({
      action, version, protocol: 'HTTP', pathname: '/', method: 'POST', authType: 'AK',
      style: 'RPC', reqBodyType: 'formData', bodyType: 'json',
    });
    const request = new OpenApiRequest({ body: params });
    return (await client.callApi(api, request, new RuntimeOptions({}))).body;
  };
};
