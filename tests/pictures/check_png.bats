#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# check_png finds what renderers got wrong. The images are a tenth of the size of the picture.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	check=${top_builddir:-$PWD}/tests/pictures/check_png
	cd "$BATS_TEST_TMPDIR" || return 1
	cat >picture.svg <<-'END'
		<?xml version="1.0" encoding="UTF-8"?>
		<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 400">
		<g class="part"><rect class="panel pid-panel" x="60" y="80" width="480" height="280" fill="#f6fbf7"/></g>
		<g class="outside"><rect x="200" y="140" width="200" height="100" fill="#def4e4"/></g>
		</svg>
	END
}

# finds MESSAGE: the message for the image in standard input.
finds() {
	base64 -d >image.png
	apart 1 "$check" picture.svg image.png
	diff - errors <<<"$1"
}

@test "an image with the colours of the picture is right" {
	base64 -d >image.png <<-'END'
		iVBORw0KGgoAAAANSUhEUgAAADwAAAAoCAIAAAAt2Q6oAAAATklEQVR42u3YsREAEBQDUPsPqTKCo1CwA43Py2WAV+aSZsAkaGho6K/RbfSrCg0N/R4617JdaGhoaGjod9C2BzQ0NDQ0NPQ52msKHRq9AIrycCa3phmuAAAAAElFTkSuQmCC
	END
	apart 0 "$check" picture.svg image.png
	[ -z "$stderr" ]
}

@test "a black panel" {
	finds 'panel pid-panel is #000000, not #f6fbf7' <<-'END'
		iVBORw0KGgoAAAANSUhEUgAAADwAAAAoCAIAAAAt2Q6oAAAAS0lEQVR42u3YMREAIAwDwPoXyYQEdvBAF1o+FwE/5hK7YAIaGhr6a3Q8Fmho6H7oseZ1oaGhoaGh+6BtD2hoaGhoaOg82msKXRp9AGcbcqP7/oH2AAAAAElFTkSuQmCC
	END
}

@test "an empty image" {
	finds 'the image is empty
panel pid-panel is #ffffff, not #f6fbf7' <<-'END'
		iVBORw0KGgoAAAANSUhEUgAAADwAAAAoCAIAAAAt2Q6oAAAAN0lEQVR42u3OMQ0AAAwDoPo33arYsQQUkD4UaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWnpSwMfagWFJYrFNwAAAABJRU5ErkJggg==
	END
}

@test "an image of one colour, that of the panel" {
	finds 'the image is empty' <<-'END'
		iVBORw0KGgoAAAANSUhEUgAAADwAAAAoCAIAAAAt2Q6oAAAAO0lEQVR42u3OMQ0AAAgDsPkXDAcPKjhImlRAU9PvRFpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpa+tICg1tAloIpcygAAAAASUVORK5CYII=
	END
}

@test "a wrong proportion" {
	base64 -d >image.png <<-'END'
		iVBORw0KGgoAAAANSUhEUgAAAFAAAAAoCAIAAADmAupWAAAAVElEQVR42u3ZsQ0AIAwDsP5/JBMnIBgY4IdOFTjKA94iJc5nCWBgYGBg4NLguVepAgMDAwPnwG30dIGBgYGBgYGBgU1LYGBgYGBgYGBgYGcaMPCDubNex00JknK7AAAAAElFTkSuQmCC
	END
	apart 1 "$check" picture.svg image.png
	count '^80 x 40 pixels are not in the proportion of 600 x 400$' errors 1
}

@test "half an image" {
	base64 -d <<-'END' | head -c 100 >image.png
		iVBORw0KGgoAAAANSUhEUgAAADwAAAAoCAIAAAAt2Q6oAAAATklEQVR42u3YsREAEBQDUPsPqTKCo1CwA43Py2WAV+aSZsAkaGho6K/RbfSrCg0N/R4617JdaGhoaGjod9C2BzQ0NDQ0NPQ52msKHRq9AIrycCa3phmuAAAAAElFTkSuQmCC
	END
	run "$check" picture.svg image.png
	[ "$status" -ne 0 ]
	[[ $output == *"is damaged"* ]]
}
