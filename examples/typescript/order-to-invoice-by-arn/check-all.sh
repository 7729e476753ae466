#!/bin/sh
# Synthesizes the three apps, and checks them together. For a nightly job, on the main branches of all repositories.
set -eu
for app in web-store central-bus invoices; do
  npx cdk synth --quiet --ignore-errors --app "npx tsx main-$app.ts" --output "$app/cdk.out"
done
npx cdk-cross-account-eventbridge check web-store/cdk.out central-bus/cdk.out invoices/cdk.out
