#!/bin/sh
# Makes the bindings, src/main/java/nucleus/caps/internal/ffi, from headers/ anew; with --check only compares.
#
# JEXTRACT       the jextract to use; without it, the one on PATH
# JEXTRACT_ARGS  more arguments for it: where its libclang does not find clang's own headers (stddef.h), "-I DIRECTORY"
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

jextract=$(command -v "${JEXTRACT:-jextract}") || fail "no jextract: put one on PATH or its path into JEXTRACT"
jextract=$(realpath "$jextract")
cd "$(dirname "$(readlink -f "$0")")/.."

symbols=headers/linux_caps.symbols
package=nucleus/caps/internal/ffi
committed=src/main/java/$package
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
made=$scratch/$package

# shellcheck disable=SC2086 # these are words
"$jextract" ${JEXTRACT_ARGS:-} --output "$scratch" -t nucleus.caps.internal.ffi "@$symbols" headers/linux_caps.h || fail "jextract failed"

# jextract leaves out what it does not find, and says that all went well.
missing=
while read -r option name; do
    case $option in
        --include-struct | --include-union) wanted="^public class ${name} " ;;
        --include-*) wanted="^    public static .*[ .]${name}[ (]" ;;
        *) continue ;;
    esac
    grep -Eqrs "$wanted" "$made" || missing="$missing $name"
done <"$symbols"
[ -z "$missing" ] || fail "jextract made nothing for:$missing"

if $check; then
    diff -r "$committed" "$made" || fail "$committed is not what the headers give"
else
    mkdir -p "$committed"
    rm -r "$committed"
    cp -r "$made" "$committed"
fi
