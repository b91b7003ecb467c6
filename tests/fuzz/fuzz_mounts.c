/* SPDX-License-Identifier: Apache-2.0 */
/* Two texts of mountinfo, that of PID 1 and, behind a line `--`, that of a process: what they show
 * of the host is consistent. */
#include "base/memory.h"
#include "scan/posture_mounts.h"
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = memory_new(size ? size : 1);
	struct arena *const arena = arena_new();
	struct posture posture = {0};
	struct posture_host host;

	memcpy(text, data, size);
	const char *const mark = memmem(text, size, "\n--\n", 4);
	const size_t len = mark ? (size_t)(mark - text) : size;
	const size_t rest = mark ? len + 4 : size;

	posture_mounts_host(&host, text, len);
	posture_mounts_read(&posture, arena, &host, text + rest, size - rest);
	CHECK(posture.mounts_error == (host.root.path ? 0 : ENODATA));
	CHECK(!host.root.path || host.run.path);
	CHECK(!posture.root_point == (posture.root == POSTURE_ROOT_NONE));
	CHECK(!posture.mounts_error || (!posture.socket && !posture.run && !posture.root));
	posture_mounts_release(&host);
	arena_free(arena);
	return 0;
}
