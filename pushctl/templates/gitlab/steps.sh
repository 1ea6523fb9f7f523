# What is left to do by hand, step by step. Lines without # are commands; glab fills in :id.
# `pushctl help ci` says more about each step.
#
# 1. If .gitlab-ci.yml was there already, include .gitlab/pushctl.yml from it. Commit these files and merge them.
#
# 2. Say where the jobs get pushctl from: a version that your package index has, a git URL with a commit
#    (git+https://...@COMMIT), or the path or URL of a wheel. PIP_INDEX_URL is the variable for another index.
glab variable set PUSHCTL_SOURCE --value "$SOURCE"
#
# 3. Protect the environments: who may deploy to __DEPLOYS__ approves, who may to those in -stop presses the red
#    button. 40 are the maintainers.
for env in __DEPLOYS__; do
  for name in "$env" "$env-stop"; do
    glab api --method POST projects/:id/protected_environments -f "name=$name" -f 'deploy_access_levels[][access_level]=40'
  done
done
#
# 4. A project access token with the scope api, for the note on a merge request.
glab variable set PUSHCTL_GITLAB_TOKEN --masked --value "$TOKEN"
#
# 5. A schedule: drift is looked for every day, and what is due is planned.
glab schedule create --description pushctl --ref __BRANCH__ --cron '17 1 * * *'
#
# 6. Not for endpoint: sandbox. At Alibaba Cloud, an identity provider and three roles that trust this project.
project=$(glab api projects/:id | python3 -c 'import json, sys; print(json.load(sys.stdin)["path_with_namespace"])')
account=$(aliyun sts GetCallerIdentity | python3 -c 'import json, sys; print(json.load(sys.stdin)["AccountId"])')
role() { # NAME ACTIONS BRANCH [OPTION]
  trust='{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Federated":["acs:ram::'$account':oidc-provider/gitlab"]},"Condition":{"StringEquals":{"oidc:iss":["https://gitlab.com"],"oidc:aud":["pushctl"]},"StringLike":{"oidc:sub":["project_path:'$project':ref_type:branch:ref:'$3'"]}}}]}'
  aliyun ram CreateRole --RoleName "pushctl-$1" --AssumeRolePolicyDocument "$trust"
  aliyun ram CreatePolicy --PolicyName "pushctl-$1" --PolicyDocument '{"Version":"1","Statement":[{"Effect":"Allow","Action":['"$2"'],"Resource":"*"}]}'
  aliyun ram AttachPolicyToRole --PolicyType Custom --PolicyName "pushctl-$1" --RoleName "pushctl-$1"
  glab variable set "PUSHCTL_$(echo "$1" | tr a-z A-Z)_ROLE_ARN" ${4:+"$4"} --value "acs:ram::$account:role/pushctl-$1"
}
aliyun ims CreateOIDCProvider --OIDCProviderName gitlab --IssuerUrl https://gitlab.com --ClientIds pushctl
glab variable set PUSHCTL_OIDC_PROVIDER_ARN --value "acs:ram::$account:oidc-provider/gitlab"
role plan '"mpaas:QueryPushSchedulerList"' '*'
role apply '"mpaas:QueryPushSchedulerList","mpaas:PushSimple","mpaas:CancelPushScheduler"' __BRANCH__ --protected
role stop '"mpaas:QueryPushSchedulerList","mpaas:CancelPushScheduler","mpaas:RevokePushMessage"' __BRANCH__ --protected
#
# 7. Press pushctl:doctor in a pipeline of __BRANCH__: a job looks whether all is well.
