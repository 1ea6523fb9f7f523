const { default: Client, $OpenApiUtil } = require('@alicloud/openapi-core');
const { RuntimeOptions } = require('@darabonba/typescript');

module.exports = (settings) => {
  const client = new Client(new $OpenApiUtil.Config({ ...settings, protocol: 'http' }));
  return async (action, version, params) => {
    const api = new $OpenApiUtil.Params({
      action, version, protocol: 'HTTP', pathname: '/', method: 'POST', authType: 'AK',
      style: 'RPC', reqBodyType: 'formData', bodyType: 'json',
    });
    const request = new $OpenApiUtil.OpenApiRequest({ body: params });
    return (await client.callApi(api, request, new RuntimeOptions({}))).body;
  };
};
