#!/bin/sh
# Builds the emulated CUDA driver into DIR and with --test runs its tests:  build.sh DIR [--test]
# Without a C++ compiler or CMake it says so and does nothing; where CI=true that is a failure.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
out=${1:?build.sh: a directory for the build is needed}
what=${2:-}

missing=
command -v "${CXX:-g++}" >/dev/null 2>&1 || missing="$missing ${CXX:-g++}"
command -v cmake >/dev/null 2>&1 || missing="$missing cmake"
command -v ninja >/dev/null 2>&1 || command -v make >/dev/null 2>&1 || missing="$missing make"
if [ -n "$missing" ]; then
    echo "emulated CUDA driver: not built and not tested: not found:$missing" >&2
    [ "${CI:-}" = true ] && exit 1
    exit 0
fi

if [ ! -f "$out/CMakeCache.txt" ]; then
    generator="Unix Makefiles"
    command -v ninja >/dev/null 2>&1 && generator=Ninja
    cmake -S "$here" -B "$out" -G "$generator" >/dev/null
fi

if [ "$what" = --test ]; then
    (cd "$out" && ctest --output-on-failure --quiet) || {
        echo "emulated CUDA driver: a test failed; see $out/Testing/Temporary/LastTest.log" >&2
        exit 1
    }
else
    log=$(cmake --build "$out" --parallel 2 2>&1) || {
        printf '%s\n' "$log" >&2
        exit 1
    }
fi
