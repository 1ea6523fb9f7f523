#!/usr/bin/env bash
# One job of pushctl in CI, step by step: install, begin, run, end, report. See docs/ci.md.
#
# Everything comes in through variables and goes on as one word: no input is ever part of a script.
# The recorded state lives on a branch of its own. A job that changes it first pushes a *claim* to
# that branch, and pushes the new state when it is done. Of two claims git accepts one; and a claim
# that stays tells that a machine was lost with what it had recorded.
set -euo pipefail

WORK=${INPUT_WORK:-${RUNNER_TEMP:?}/pushctl}
COMMAND=${INPUT_COMMAND:?}
FOLDER=${INPUT_WORKING_DIRECTORY:-.}
ENVIRONMENT=${INPUT_ENV:-}
BRANCH=${INPUT_STATE_BRANCH:-}
PATIENCE=${INPUT_PATIENCE:-300}
PAUSE=${INPUT_PAUSE:-5}
STATE=$WORK/state
NAME=pushctl${ENVIRONMENT:+.$ENVIRONMENT}

say() { printf '%s\n' "$*" >&2; }

# An annotation; $1 is its kind, and nothing in the message ends it.
annotate() {
  local kind=$1 message=$2
  message=${message//'%'/%25} message=${message//$'\r'/%0D} message=${message//$'\n'/%0A}
  if [ "${GITHUB_ACTIONS:-}" = true ]; then printf '::%s::%s\n' "$kind" "$message"; else say "$2"; fi
}

die() {
  annotate error "$1"
  exit "${2:-1}"
}

# A value for the steps that follow. All of them are numbers, words of ours, or paths of ours.
output() {
  case $2 in *$'\n'* | *$'\r'*) die "the output $1 has several lines" ;; esac
  printf '%s=%s\n' "$1" "$2" >>"${GITHUB_OUTPUT:-$WORK/outputs}"
}

run_url() {
  if [ -n "${GITHUB_RUN_ID:-}" ]; then
    printf '%s' "${GITHUB_SERVER_URL:-}/${GITHUB_REPOSITORY:-}/actions/runs/$GITHUB_RUN_ID"
  else
    printf '%s' "${CI_JOB_URL:-this machine}"
  fi
}

check_inputs() {
  [[ $COMMAND =~ ^(plan|apply|drift|stop|validate)$ ]] || die "command is none of plan, apply, drift, stop, validate" 64
  [[ $ENVIRONMENT =~ ^[A-Za-z0-9._-]*$ ]] || die "env has characters that no environment has" 64
  [[ ${INPUT_FAIL_ON:-error} =~ ^(error|changes|never)$ ]] || die "fail-on is none of error, changes, never" 64
  [[ $PATIENCE =~ ^[0-9]{1,5}$ ]] || die "patience is no number of seconds" 64
  [[ $BRANCH =~ ^[A-Za-z0-9][A-Za-z0-9._/-]*$|^$ ]] || die "state-branch is no name of a branch" 64
  case "/$FOLDER/" in //* | */../*) die "working-directory leads out of the repository" 64 ;; esac
  [ -d "./$FOLDER" ] || die "working-directory is no folder" 64
  mkdir -p "$WORK"
}

# --- install --------------------------------------------------------------------------------------

install() {
  local version=${INPUT_VERSION:-} source=${INPUT_SOURCE:-} what
  [ ! -x "$WORK/venv/bin/pushctl" ] || return 0
  if [ -n "$source" ]; then
    what=./$source
  elif [[ $version =~ ^[0-9]+(\.[0-9]+)*((a|b|rc|\.post|\.dev)[0-9]+)?$ ]]; then
    what=pushctl==$version
  elif [ "$version" = installed ]; then
    command -v pushctl >/dev/null || die "version is installed, and pushctl is not"
    return 0
  else
    die "version is no version number" 64
  fi
  python3 -m venv "$WORK/venv"
  "$WORK/venv/bin/python" -m pip install --quiet --disable-pip-version-check -- "$what"
}

program() {
  if [ -x "$WORK/venv/bin/pushctl" ]; then printf '%s' "$WORK/venv/bin/pushctl"; else type -P pushctl; fi
}

# --- the state ------------------------------------------------------------------------------------

in_state() { git -C "$STATE" "$@"; }

# The token goes to git through its environment: an argument could be read by every process.
authorize() {
  local server user=x-access-token token=${STATE_TOKEN:-}
  export GIT_TERMINAL_PROMPT=0
  if [ "${GITHUB_ACTIONS:-}" = true ]; then
    server=${GITHUB_SERVER_URL:?} STATE_URL=$server/${GITHUB_REPOSITORY:?}.git
  else
    server=${CI_SERVER_URL:?} STATE_URL=$server/${CI_PROJECT_PATH:?}.git user=oauth2
    [ "$token" != "${CI_JOB_TOKEN:-}" ] || user=gitlab-ci-token
  fi
  if [ -n "$token" ]; then
    token=$(printf '%s' "$user:$token" | base64 | tr -d '\n')
    export GIT_CONFIG_COUNT=1
    export GIT_CONFIG_KEY_0="http.$server/.extraheader"
    export GIT_CONFIG_VALUE_0="Authorization: Basic $token"
  fi
}

# Lay out the newest state. A branch that is not there is a beginning; one that cannot be read is
# an error, since a state that looks empty would have everything created once more.
fetch_state() {
  local found=0
  if [ ! -d "$STATE/.git" ]; then
    git init --quiet --initial-branch="$BRANCH" "$STATE"
    in_state config user.name pushctl
    in_state config user.email pushctl@invalid
    in_state config commit.gpgsign false
  fi
  git ls-remote --exit-code --quiet "$STATE_URL" "refs/heads/$BRANCH" >/dev/null || found=$?
  case $found in
  0)
    in_state fetch --quiet --depth=1 "$STATE_URL" "+refs/heads/$BRANCH:refs/remotes/state"
    in_state reset --quiet --hard refs/remotes/state
    in_state clean --quiet -ffdx
    ;;
  2) ;;
  *) die "the state branch $BRANCH cannot be read" ;;
  esac
}

# Where the state branch was when it was last looked at; nothing if there was none.
newest() { in_state rev-parse --quiet --verify refs/remotes/state || true; }

claim_file() { printf '%s' "$STATE/$FOLDER/$NAME.claim"; }

# Lay the state beside the manifest. A sandbox that runs inside the command is gone with its machine
# like everything else, so its data goes the same way.
lay_out_state() {
  if [ -n "$(git ls-files -- "./$FOLDER/$NAME.state.*")" ]; then
    die "$FOLDER/$NAME.state.json is part of this branch. Move it to the branch $BRANCH, or set state-branch to nothing (see docs/ci.md)"
  fi
  rm -f "./$FOLDER/$NAME".state.*
  copy "$STATE/$FOLDER" "./$FOLDER" "$NAME.state.*"
  mkdir -p "./$FOLDER/.pushctl"
  copy "$STATE/$FOLDER" "./$FOLDER/.pushctl" "sandbox.db*"
}

take_in_state() {
  mkdir -p "$STATE/$FOLDER"
  rm -f "$STATE/$FOLDER/$NAME".state.*
  copy "./$FOLDER" "$STATE/$FOLDER" "$NAME.state.*"
  copy "./$FOLDER" "$STATE/$FOLDER" "$NAME.stop-*.json"
  rm -f "$STATE/$FOLDER"/sandbox.db*
  copy "./$FOLDER/.pushctl" "$STATE/$FOLDER" "sandbox.db*"
  rm -f "$STATE/$FOLDER/$NAME".state.lock "$STATE/$FOLDER/$NAME".state.gate
}

# Copy the files of one folder whose names match to another folder; there may be none.
copy() {
  [ ! -d "$1" ] || find "$1" -maxdepth 1 -type f -name "$3" -exec cp -p -- {} "$2/" ';'
}

begin() {
  [ "$COMMAND" != validate ] && [ -n "$BRANCH" ] || return 0
  authorize
  case $COMMAND in
  apply | stop) claim ;;
  *)
    fetch_state
    if [ -f "$(claim_file)" ]; then
      annotate notice "At work on this state: $(tr -d '\r\n' <"$(claim_file)"). What is shown may be stale soon."
    fi
    ;;
  esac
  lay_out_state
}

# Wait until nobody has a claim, and push ours. If somebody else is faster, git refuses, and we wait.
claim() {
  local deadline=$((SECONDS + PATIENCE)) holder base
  while :; do
    fetch_state
    if [ -f "$(claim_file)" ]; then
      holder=$(tr -d '\r\n' <"$(claim_file)")
      if [ "$SECONDS" -lt "$deadline" ]; then
        say "Waiting for the state: $holder"
        sleep "$PAUSE"
        continue
      fi
      take_over "$holder"
    fi
    mkdir -p "$STATE/$FOLDER"
    printf '%s of %s by %s since %s\n' "$COMMAND" "$(run_url)" "${GITHUB_ACTOR:-${GITLAB_USER_LOGIN:-somebody}}" \
      "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$(claim_file)"
    in_state add --force -- "$FOLDER/$NAME.claim"
    in_state commit --quiet --message "$NAME: $COMMAND begins, $(run_url)"
    base=$(newest)
    if in_state push --quiet "$STATE_URL" "HEAD:refs/heads/$BRANCH"; then
      touch "$WORK/claimed"
      return 0
    fi
    fetch_state
    [ "$(newest)" != "$base" ] || die "the state branch $BRANCH cannot be pushed to: the job needs contents: write, and a rule must not forbid it"
  done
}

take_over() {
  local holder=$1
  if [ "$COMMAND" = stop ]; then
    annotate warning "Took the state over from: $holder. What that run created after it began is not stopped by this one: look at pushctl plan for tasks marked with ?"
  elif [ "${INPUT_TAKE_OVER:-false}" = true ]; then
    annotate warning "Took the state over from: $holder"
  else
    die "The state is claimed: $holder. If that run is still going, wait for it. If its machine was lost, read its log, compare the console with pushctl plan, and run this again with take-over (see docs/ci.md)" 5
  fi
}

end() {
  [ -f "$WORK/claimed" ] || return 0
  authorize
  take_in_state
  rm -f "$(claim_file)"
  in_state add --all --force -- .
  in_state commit --quiet --allow-empty --message "$NAME: $COMMAND ends with $(last_code), $(run_url)"
  local attempt
  for attempt in 1 2 3; do
    if in_state push --quiet "$STATE_URL" "HEAD:refs/heads/$BRANCH"; then
      rm -f "$WORK/claimed"
      return 0
    fi
    [ "$attempt" = 3 ] || sleep "$PAUSE"
  done
  die "The state could not be pushed to the branch $BRANCH. It is kept as the artifact pushctl-state of this run: without it, what this run did is known to nobody (see docs/ci.md)"
}

last_code() { if [ -f "$WORK/code" ]; then cat "$WORK/code"; else printf 'no exit code'; fi; }

# --- run ------------------------------------------------------------------------------------------

# Make a short-lived token of this job known to the vendor's client, which asks for credentials of
# the role with it. Tells whether the service can be asked at all.
credentials() {
  [ -n "${INPUT_ROLE_ARN:-}" ] || return 0
  local file=$WORK/identity
  if [ -n "${PUSHCTL_ID_TOKEN:-}" ]; then
    (umask 077 && printf '%s' "$PUSHCTL_ID_TOKEN" >"$file")
  elif [ -n "${ACTIONS_ID_TOKEN_REQUEST_URL:-}" ]; then
    (umask 077 && printf 'Authorization: Bearer %s\n' "${ACTIONS_ID_TOKEN_REQUEST_TOKEN:?}" |
      curl --silent --show-error --fail --max-time 30 --header @- --get \
        --data-urlencode "audience=${INPUT_AUDIENCE:-pushctl}" "$ACTIONS_ID_TOKEN_REQUEST_URL" |
      python3 -c 'import json, sys; sys.stdout.write(json.load(sys.stdin)["value"])' >"$file") ||
      die "this job gets no identity token: it needs permissions: {id-token: write}"
  else
    return 1
  fi
  unset PUSHCTL_ID_TOKEN
  export ALIBABA_CLOUD_ROLE_ARN=$INPUT_ROLE_ARN
  export ALIBABA_CLOUD_OIDC_PROVIDER_ARN=${INPUT_OIDC_PROVIDER_ARN:?}
  export ALIBABA_CLOUD_OIDC_TOKEN_FILE=$file
  export ALIBABA_CLOUD_ROLE_SESSION_NAME=pushctl-$COMMAND
}

# The words after `pushctl COMMAND`, in ARGUMENTS.
arguments() {
  local word words=()
  ARGUMENTS=(-C "./$FOLDER" --color never)
  [ -z "$ENVIRONMENT" ] || ARGUMENTS+=("--env=$ENVIRONMENT")
  ARGUMENTS+=("$COMMAND")
  case $COMMAND in
  validate)
    [ "${GITHUB_ACTIONS:-}" != true ] || ARGUMENTS+=(--format github)
    [ "${GITLAB_CI:-}" != true ] || ARGUMENTS+=(--format gitlab)
    ;;
  plan)
    ARGUMENTS+=(--detailed-exitcode "--json=$WORK/plan.json" "--markdown=$WORK/plan.md" "--html=$WORK/plan.html")
    [ -z "${INPUT_BASE:-}" ] || ARGUMENTS+=("--base=$INPUT_BASE")
    if [ "$OFFLINE" = true ]; then ARGUMENTS+=(--offline); else ARGUMENTS+=("--out=$WORK/plan.pushplan"); fi
    ;;
  apply)
    [ -n "${INPUT_PLAN_FILE:-}" ] || die "apply needs plan-file: the plan that was approved" 64
    cp -- "$INPUT_PLAN_FILE" "$WORK/plan.json"
    ARGUMENTS+=(-- "$INPUT_PLAN_FILE")
    ;;
  stop)
    [ "${INPUT_REVOKE:-false}" != true ] || ARGUMENTS+=(--revoke)
    read -r -d '' -a words <<<"${INPUT_WHAT:-}" || true
    [ ${#words[@]} -gt 0 ] || die "stop needs what: ids, KEY=VALUE for a label, or ALL" 64
    if [ "${words[*]}" = ALL ]; then
      ARGUMENTS+=(--all)
      return 0
    fi
    local ids=()
    for word in "${words[@]}"; do
      if [[ $word == *=* && $word != *\[* ]]; then ARGUMENTS+=("--label=$word"); else ids+=("$word"); fi
    done
    ARGUMENTS+=(-- ${ids[@]+"${ids[@]}"})
    ;;
  esac
}

# Run pushctl so that being cancelled reaches it: a shell that waits does not pass signals on.
run() {
  local code=0 child signalled pushctl
  OFFLINE=${INPUT_OFFLINE:-false}
  rm -f "$WORK"/plan.json "$WORK"/plan.md "$WORK"/plan.html "$WORK"/code "$WORK"/said
  [ "$COMMAND" != plan ] || rm -f "$WORK/plan.pushplan"
  if ! credentials; then
    [[ $COMMAND =~ ^(plan|validate)$ ]] || die "this job gets no identity token: it needs permissions: {id-token: write}"
    OFFLINE=true
  fi
  arguments
  [ "$OFFLINE" != true ] || [ "$COMMAND" != plan ] || annotate notice "This job may not ask the service; the plan believes the recorded state."
  pushctl=$(program) || die "pushctl is not installed"
  "$pushctl" "${ARGUMENTS[@]}" > >(tee "$WORK/said") &
  child=$!
  trap 'signalled=1; kill -TERM "$child" 2>/dev/null || true' INT TERM
  while :; do
    signalled='' code=0
    wait "$child" || code=$?
    [ -n "$signalled" ] || break
  done
  rm -f "$WORK/identity"
  printf '%s' "$code" >"$WORK/code"
  output exit-code "$code"
  counts
  [ "$COMMAND" != plan ] || [ ! -f "$WORK/plan.pushplan" ] || output plan-path "$WORK/plan.pushplan"
  [ ! -f "$WORK/plan.html" ] || output report-path "$WORK/plan.html"
}

counts() {
  local line
  [ -f "$WORK/plan.json" ] || return 0
  python3 - "$WORK/plan.json" >"$WORK/counts" <<'PYTHON'
import json, sys

plan = json.load(open(sys.argv[1], encoding="utf-8"))
if "summary" in plan:
    told = {name: int(plan["summary"].get(name, 0)) for name in ("create", "replace", "cancel")}
    print(f"creates={told['create']}\nreplaces={told['replace']}\ncancels={told['cancel']}")
    print(f"quota-after={int(plan['quota']['after'])}")
PYTHON
  while IFS= read -r line; do output "${line%%=*}" "${line#*=}"; done <"$WORK/counts"
}

# --- report ---------------------------------------------------------------------------------------

report() {
  local summary=${GITHUB_STEP_SUMMARY:-} page=$WORK/plan.md
  if [ -n "$summary" ]; then
    # Every line of a text is indented, so that Markdown takes all of it for what it is.
    { if [ -f "$page" ]; then cat "$page"; else
      printf '### pushctl %s ended with %s\n\n' "$COMMAND" "$(last_code)"
      if [ -f "$WORK/said" ]; then tail -c 60000 "$WORK/said" | sed 's/^/    /'; fi
    fi; printf '\n'; } >>"$summary"
  fi
  if [ "${INPUT_COMMENT:-false}" = true ] && [ -f "$page" ]; then "$(program)" comment "$page"; fi
}

# The end of the job, by what it was told to fail on.
finish() {
  local code
  code=$(last_code)
  case "${INPUT_FAIL_ON:-error}:$code" in
  *:0 | never:* | error:2) return 0 ;;
  *:*[!0-9]*) die "pushctl $COMMAND did not run to its end" ;;
  *) die "pushctl $COMMAND ended with $code (see docs/exit-codes.md)" "$code" ;;
  esac
}

check_inputs
case ${1:-} in
install | begin | run | end | report | finish) "$1" ;;
*) die "usage: pushctl.sh install|begin|run|end|report|finish" 64 ;;
esac
