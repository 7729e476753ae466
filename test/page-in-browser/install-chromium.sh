#!/usr/bin/env bash
# Installs Chromium where it is missing and can be installed. Without it, the tests of the page are skipped.
set -u
command -v chromium >/dev/null && exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
fi
command -v chromium >/dev/null || echo 'WARNING: Chromium is missing and cannot be installed: the page is NOT tested' >&2
exit 0
