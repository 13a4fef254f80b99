#!/bin/sh
# Prints a Python that can make the environment: $PYTHON, else the first of those installed. With a version (3.12), only that one.
# A name on PATH proves nothing (pyenv's shims answer for versions that are not chosen), so each candidate is run.
wanted=${1:-}
check='
import sys, venv, ensurepip
wanted = sys.argv[1]
found = "%d.%d" % sys.version_info[:2]
sys.exit(0 if (found == wanted if wanted else (3, 11) <= sys.version_info[:2] <= (3, 13)) else 1)'

if [ -n "$wanted" ]; then
    candidates="python$wanted ${PYENV_ROOT:-$HOME/.pyenv}/versions/$wanted.*/bin/python3"
else
    candidates="${PYTHON:-python3.11 python3.12 python3.13 python3 python}"
fi
for each in $candidates; do
    if "$each" -c "$check" "$wanted" 2>/dev/null; then
        "$each" -c 'import sys; print(sys.executable)'
        exit 0
    fi
done
[ -n "$wanted" ] || echo "No Python 3.11, 3.12 or 3.13 with venv was found: install one (Debian: apt install python3-venv), or name it: make setup PYTHON=<path>" >&2
exit 1
