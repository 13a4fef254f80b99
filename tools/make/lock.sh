#!/bin/sh
# Writes the pins of everything the members and the development group need, with hashes, to the file named (default requirements.lock).
# A pin that is already in that file stays: `make lock` changes only what it must. `make lock UPGRADE=1` resolves anew.
set -eu
target=${1:-requirements.lock}

members=$(ls libs/*/pyproject.toml services/*/pyproject.toml) 
members="$members standalone/pyproject.toml tools/pyproject.toml"
own=$(sed -n 's/^name = "\(.*\)"$/--no-emit-package \1/p' $members)
uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url ${UPGRADE:+--upgrade} \
    $own --group dev --group bench $members --output-file "$target"

# An address or an editable path would tie the lock to one machine or one registry.
if grep -nE '://|^-e' "$target"; then
    echo "$target holds an address or an editable path" >&2
    exit 1
fi
