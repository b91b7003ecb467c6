#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# In a guest: runs the command that came with it.
sh /command
