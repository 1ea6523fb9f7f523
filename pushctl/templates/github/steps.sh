# What is left to do by hand, step by step. Lines without # are commands; gh fills in {owner} and {repo}.
# `pushctl help ci` says more about each step.
#
# 1. Commit these files and merge them.
#
# 2. Say where the jobs get pushctl from: a version that your package index has, a git URL with a commit
#    (git+https://...@COMMIT), or the path or URL of a wheel. PIP_INDEX_URL is the variable for another index.
gh variable set PUSHCTL_SOURCE --body "$SOURCE"
#
# 3. Make the environments, and let only __BRANCH__ deploy to them. Then add required reviewers to __DEPLOYS__
#    (Settings, Environments), and none to those that end in -stop.
for env in __DEPLOYS__; do
  for name in "$env" "$env-stop"; do
    gh api --method PUT "repos/{owner}/{repo}/environments/$name" -F 'deployment_branch_policy[protected_branches]=false' -F 'deployment_branch_policy[custom_branch_policies]=true'
    gh api --method POST "repos/{owner}/{repo}/environments/$name/deployment-branch-policies" -f name=__BRANCH__
  done
done
#
# 4. Settings, Rules: changes of __BRANCH__ need a review; nobody deletes pushctl-state or pushes to it by force.
#
# 5. Not for endpoint: sandbox. At Alibaba Cloud, an identity provider and three roles that trust this repository.
repo=$(gh repo view --json nameWithOwner --jq .nameWithOwner)
account=$(aliyun sts GetCallerIdentity | python3 -c 'import json, sys; print(json.load(sys.stdin)["AccountId"])')
role() { # NAME ACTIONS FORM WORD...
  name=$1 may=$2 form=$3 && shift 3
  subjects=$(printf ",\"repo:$repo:$form\"" "$@")
  trust='{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Federated":["acs:ram::'$account':oidc-provider/github"]},"Condition":{"StringEquals":{"oidc:iss":["https://token.actions.githubusercontent.com"],"oidc:aud":["pushctl"],"oidc:sub":['${subjects#,}']}}}]}'
  aliyun ram CreateRole --RoleName "pushctl-$name" --AssumeRolePolicyDocument "$trust"
  aliyun ram CreatePolicy --PolicyName "pushctl-$name" --PolicyDocument '{"Version":"1","Statement":[{"Effect":"Allow","Action":['"$may"'],"Resource":"*"}]}'
  aliyun ram AttachPolicyToRole --PolicyType Custom --PolicyName "pushctl-$name" --RoleName "pushctl-$name"
  gh variable set "PUSHCTL_$(echo "$name" | tr a-z A-Z)_ROLE_ARN" --body "acs:ram::$account:role/pushctl-$name"
}
aliyun ims CreateOIDCProvider --OIDCProviderName github --IssuerUrl https://token.actions.githubusercontent.com --ClientIds pushctl
gh variable set PUSHCTL_OIDC_PROVIDER_ARN --body "acs:ram::$account:oidc-provider/github"
role plan '"mpaas:QueryPushSchedulerList"' %s pull_request ref:refs/heads/__BRANCH__
role apply '"mpaas:QueryPushSchedulerList","mpaas:PushSimple","mpaas:CancelPushScheduler"' environment:%s __DEPLOYS__
role stop '"mpaas:QueryPushSchedulerList","mpaas:CancelPushScheduler","mpaas:RevokePushMessage"' environment:%s-stop __DEPLOYS__
#
# 6. Let a job look whether all is well.
gh workflow run pushes.yml -f command=doctor -f target=__TARGET__
