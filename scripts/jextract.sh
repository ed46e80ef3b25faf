#!/bin/sh
# Generates the bindings in src/main/java/nucleus/caps/internal/ffi from headers/. With --check, only compares them.
#
# JEXTRACT       the jextract to use; by default the one on PATH
# JEXTRACT_ARGS  more arguments for jextract: "-I DIRECTORY" if its libclang does not find clang's own headers (stddef.h)
set -eu

fail() {
    echo "jextract.sh: $1" >&2
    exit 1
}

check=false
case "$#,${1:-}" in
    0,) ;;
    1,--check) check=true ;;
    *) fail "usage: jextract.sh [--check]" ;;
esac

jextract=$(command -v "${JEXTRACT:-jextract}") || fail "jextract not found: put it on PATH, or set JEXTRACT to its path"
jextract=$(realpath "$jextract")
cd "$(dirname "$(readlink -f "$0")")/.."

symbols=headers/linux_caps.symbols
package=nucleus/caps/internal/ffi
committed=src/main/java/$package
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
made=$scratch/$package

# shellcheck disable=SC2086 # JEXTRACT_ARGS holds several words
"$jextract" ${JEXTRACT_ARGS:-} --output "$scratch" -t nucleus.caps.internal.ffi "@$symbols" headers/linux_caps.h ||
        fail "jextract failed"

# If jextract does not find a symbol, it leaves the symbol out and exits with 0.
missing=
while read -r option name; do
    case $option in
        --include-struct | --include-union) wanted="^public class ${name} " ;;
        --include-*) wanted="^    public static .*[ .]${name}[ (]" ;;
        *) continue ;;
    esac
    grep -Eqrs "$wanted" "$made" || missing="$missing $name"
done <"$symbols"
[ -z "$missing" ] || fail "jextract generated nothing for:$missing"

if $check; then
    diff -r "$committed" "$made" || fail "$committed differs from what the headers give"
else
    mkdir -p "$committed"
    rm -r "$committed"
    cp -r "$made" "$committed"
fi
