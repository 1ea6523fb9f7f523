#!/usr/bin/env bash
# One job of pushctl in CI, step by step: install, begin, run, end, report. See docs/ci.md.
#
# Everything comes in through variables and goes on as one word: no input is ever part of a script.
# No file of the check-out is ever run by it. The recorded state lives on a branch of its own; that
# part is in pushctl-state.sh.
set -euo pipefail
unset CDPATH
export PYTHONSAFEPATH=1

if [ -n "${INPUT_WORK:-}" ]; then
  WORK=$INPUT_WORK
elif [ "${GITLAB_CI:-}" = true ]; then
  WORK=${CI_BUILDS_DIR:?}/pushctl-${CI_JOB_ID:?}
else
  WORK=${RUNNER_TEMP:?}/pushctl
fi
COMMAND=${INPUT_COMMAND:?}
FOLDER=${INPUT_WORKING_DIRECTORY:-.}
ENVIRONMENT=${INPUT_ENV:-}
BRANCH=${INPUT_STATE_BRANCH:-}
PATIENCE=${INPUT_PATIENCE:-300}
PAUSE=${INPUT_PAUSE:-5}     # seconds between two tries
SETTLE=${INPUT_SETTLE:-120} # seconds that a pushctl may live on after its step
RESULTS=${INPUT_RESULTS:-}  # a folder of the check-out, for CI systems that keep no files of others
NAME=pushctl${ENVIRONMENT:+.$ENVIRONMENT}

# What the check-out brings is no configuration: a folder may hold files that make it look like a
# repository of its own.
git() { command git -c safe.bareRepository=explicit -c core.fsmonitor=false -c core.hooksPath=/dev/null "$@"; }

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
  find_folders
}

# Folders by their real names: the same one has one state, whatever links lead there. What is run
# from $WORK must not be something that the repository brought along.
find_folders() {
  local root real
  root=$(pwd -P)
  real=$(cd -P "./$FOLDER" && pwd -P)
  case $real/ in
  "$root"/) FOLDER=. ;;
  "$root"/*) FOLDER=${real#"$root"/} ;;
  *) die "working-directory leads out of the repository" 64 ;;
  esac
  (umask 077 && mkdir -p -- "$WORK")
  WORK=$(cd -P -- "$WORK" && pwd -P)
  case $WORK/ in "$root"/*) die "the work folder $WORK is part of the check-out: let INPUT_WORK name one elsewhere" 64 ;; esac
  STATE=$WORK/state PREFIX=
  [ "$FOLDER" = . ] || PREFIX=$FOLDER/
  OWN=$WORK/own/$(printf '%s' "$FOLDER/$NAME" | git hash-object --stdin)
  [ -z "$RESULTS" ] || check_results
}

check_results() {
  case "/$RESULTS/" in //* | */../* | */./*) die "INPUT_RESULTS leads out of the repository" 64 ;; esac
  [ ! -L "./$RESULTS" ] || die "$RESULTS is a link" 64
  [ -z "$(git ls-files -- "./$RESULTS")" ] || die "$RESULTS is part of the repository; it is for what a job hands over" 64
}

# Copy files or a folder to where the CI system takes them from: $1, under the name $2.
hand_over() {
  [ -n "$RESULTS" ] && [ -e "$1" ] || return 0
  if ! { mkdir -p "./$RESULTS" && rm -rf "./${RESULTS:?}/$2" && cp -pR -- "$1" "./$RESULTS/$2"; }; then
    annotate warning "$2 cannot be handed over to $RESULTS"
  fi
}

# --- install --------------------------------------------------------------------------------------

install() {
  local version=${INPUT_VERSION:-} source=${INPUT_SOURCE:-} what
  [ ! -x "$WORK/venv/bin/pushctl" ] || return 0
  if [ -n "$source" ]; then
    what=./$source
  elif [ -z "$version" ]; then
    # Never a guess: whoever owns the name on an index would run in this job.
    die "nothing says where pushctl comes from; set the variable PUSHCTL_VERSION (docs/ci.md)" 64
  elif [[ $version =~ ^[0-9]+(\.[0-9]+)*((a|b|rc|\.post|\.dev)[0-9]+)?$ ]]; then
    what=pushctl==$version
  elif [ "$version" = installed ]; then
    command -v pushctl >/dev/null || die "version is installed, and pushctl is not"
    return 0
  else
    die "version is no version number" 64
  fi
  python3 -I -m venv "$WORK/venv"
  "$WORK/venv/bin/python" -I -m pip install --quiet --disable-pip-version-check -- "$what"
}

program() {
  if [ -x "$WORK/venv/bin/pushctl" ]; then printf '%s' "$WORK/venv/bin/pushctl"; else type -P pushctl; fi
}

# --- run ------------------------------------------------------------------------------------------

last_code() { if [ -f "$WORK/code" ]; then cat "$WORK/code"; else printf 'no exit code'; fi; }

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
      python3 -I -c 'import json, sys; sys.stdout.write(json.load(sys.stdin)["value"])' >"$file") ||
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
    # Only zeros stand for no commit: the first push of a branch has nothing before it.
    [[ ${INPUT_BASE:-} =~ ^0*$ ]] || ARGUMENTS+=("--base=$INPUT_BASE")
    if [ "$OFFLINE" = true ]; then ARGUMENTS+=(--offline); else ARGUMENTS+=("--out=$WORK/plan.pushplan"); fi
    ;;
  apply)
    [ -n "${INPUT_PLAN_FILE:-}" ] || die "apply needs plan-file: the plan that was approved" 64
    [ -f "$INPUT_PLAN_FILE" ] && [ ! -L "$INPUT_PLAN_FILE" ] || die "plan-file is no plain file" 64
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

# Nothing of an earlier run in the same job may be taken for a result of this one.
forget_results() {
  rm -f "$WORK"/plan.json "$WORK"/plan.md "$WORK"/plan.html "$WORK"/page.md "$WORK"/code "$WORK"/said
  [ "$COMMAND" != plan ] || rm -f "$WORK/plan.pushplan"
}

# Write down what comes in, and pass it on as long as somebody listens: a pushctl that lives on after
# its step must not fail because nobody does.
listen() {
  trap '' INT TERM PIPE
  exec tee "$1"
}

# Run pushctl so that being cancelled reaches it: a shell that waits does not pass signals on. Only
# the first is passed on: it lets pushctl end its calls and record them, the second would not.
run() {
  local code=0 child signalled asked='' pushctl
  OFFLINE=${INPUT_OFFLINE:-false}
  if ! credentials; then
    [[ $COMMAND =~ ^(plan|validate)$ ]] || die "this job gets no identity token: it needs permissions: {id-token: write}"
    OFFLINE=true
  fi
  arguments
  [ "$OFFLINE" != true ] || [ "$COMMAND" != plan ] || annotate notice "This job may not ask the service; the plan believes the recorded state."
  pushctl=$(program) || die "pushctl is not installed"
  # Its number is on disk before it is there: `end` must not overlook it.
  # shellcheck disable=SC2016
  sh -c 'printf %s "$$" >"$0" && exec "$@"' "$WORK/pid" "$pushctl" "${ARGUMENTS[@]}" \
    > >(listen "$WORK/said") 2> >(listen /dev/null >&2) &
  child=$!
  trap 'signalled=1; [ -n "$asked" ] || kill -TERM "$child" 2>/dev/null || true; asked=1' INT TERM
  while :; do
    signalled='' code=0
    wait "$child" || code=$?
    [ -n "$signalled" ] || break
  done
  rm -f "$WORK/pid"
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
  python3 -I - "$WORK/plan.json" >"$WORK/counts" <<'PYTHON'
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

# The commit that this is about: what was proposed, not what it would be merged into.
commit() {
  git rev-parse --quiet --verify 'HEAD^2' || git rev-parse --quiet --verify HEAD || printf unknown
}

# What there is to read: the plan, or that there is none. An old plan must not stay for a new one.
page() {
  if [ -f "$WORK/plan.md" ]; then
    cat "$WORK/plan.md"
  elif [ "$COMMAND" = plan ]; then
    printf '### pushctl plan\n\n**No plan: pushctl ended with %s.** The log of the job says why.\n' "$(last_code)"
  else
    printf '### pushctl %s ended with %s\n\n' "$COMMAND" "$(last_code)"
    # Every line of a text is indented, so that Markdown takes all of it for what it is.
    if [ -f "$WORK/said" ]; then tail -c 60000 "$WORK/said" | sed 's/^/    /'; fi
  fi
}

report() {
  local page=$WORK/page.md name
  page >"$page"
  if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    { cat "$page" && printf '\n'; } >>"$GITHUB_STEP_SUMMARY"
  fi
  for name in plan.json plan.md plan.html plan.pushplan said; do hand_over "$WORK/$name" "$name"; done
  if [ "$COMMAND" = plan ] && [ "${INPUT_COMMENT:-false}" = true ]; then
    "$(program)" comment "$page" --name "$FOLDER/$NAME" --note "Commit $(commit)"
  fi
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

# At the end of a job on a machine that lives on: nothing of it is needed there any more.
clean() {
  if [ -d "$OWN" ]; then hand_over "$OWN/kept" state; fi
  rm -rf -- "$WORK"
}

check_inputs
# shellcheck source=pushctl-state.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/pushctl-state.sh"
case ${1:-} in
install | begin | run | end | report | finish | clean) "$1" ;;
*) die "usage: pushctl.sh install|begin|run|end|report|finish|clean" 64 ;;
esac
