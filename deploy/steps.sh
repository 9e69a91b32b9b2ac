# Shared by ./run and ./check: say what is done, how long it took, and make the environment once per change of its list.
say() { printf '[%s] %s\n' "$(date +%H:%M:%S)" "$*"; }

step() {  # step "what" command…
    local what="$1" began=$SECONDS
    shift
    say "$what …"
    "$@" || { local code=$?; say "$what: failed after $((SECONDS - began)) s"; return $code; }
    say "$what: done in $((SECONDS - began)) s"
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

apt_install() {  # apt_install "why" package…; where apt may not, say what to install and fail
    local why="$1"
    shift
    if command -v apt-get >/dev/null && as_root true 2>/dev/null; then
        step "$why: apt-get install $*" quiet_apt "$@" && return 0
    fi
    say "$why is missing. Please install it, then start again:  sudo apt-get install $*"
    return 1
}

quiet_apt() {
    as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

find_python() {  # the first Python that is new enough
    local name
    for name in python3 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            echo "$name"
            return 0
        fi
    done
    say "Python 3.11, 3.12 or 3.13 is needed. Please install it:  sudo apt-get install python3 python3-venv" >&2
    return 1
}

make_environment() {  # make_environment requirements.txt|requirements-dev.txt
    local list="$1" python stamp
    python="$(find_python)"
    stamp="$(cat requirements*.txt charts/coverage_map/pyproject.toml charts/coverage_map/wheel_backend.py charts/coverage_map/assets/* | sha256sum | cut -c1-16) $list"
    # A list that was installed with the tests' tools serves the app as well.
    if [ -f .venv/stamp ] && { [ "$(cat .venv/stamp)" = "$stamp" ] || [ "$(cat .venv/stamp)" = "${stamp% *} requirements-dev.txt" ]; }; then
        return 0
    fi
    "$python" -c 'import ensurepip, venv' 2>/dev/null || apt_install "Python's venv" python3-venv
    [ -x .venv/bin/python ] || step "virtual environment" "$python" -m venv .venv
    step "packages of $list" .venv/bin/pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$list"
    # The map is a packaged Streamlit component: it must be an installed distribution (docs/decisions.md).
    step "the map component" .venv/bin/pip install --quiet --disable-pip-version-check --no-input --no-deps ./charts/coverage_map
    echo "$stamp" > .venv/stamp
}

make_history_environment() {  # the optional environment of `python -m data.postgres` and `python -m data.ducklake`
    local python stamp
    python="$(find_python)"
    stamp="$(sha256sum < requirements-history.txt | cut -c1-16)"
    [ -f .venv-history/stamp ] && [ "$(cat .venv-history/stamp)" = "$stamp" ] && return 0
    [ -x .venv-history/bin/python ] || step "environment of the history" "$python" -m venv .venv-history
    step "packages of requirements-history.txt" .venv-history/bin/pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements-history.txt
    echo "$stamp" > .venv-history/stamp
}
