#!/usr/bin/env node
// The command of the package. Stands in the tree before anything is built, so that npm can link it at the first install.
import "../dist/cli/main.js";
