/* SPDX-License-Identifier: Apache-2.0 */
/* main() of the fuzzers where there is no libFuzzer: replays the files it is given, or else the
 * corpus in the source tree. */
#include "base/attributes.h"
#include "base/memory.h"
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <string.h>

static void replay_file(const char *path)
{
	_cleanup_free_ uint8_t *data = NULL;
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	size_t size = 0, capacity = 0, n;

	CHECK(file);
	do {
		data = memory_grow(data, &capacity, size + 4096, 1);
		n = fread(data + size, 1, 4096, file);
		size += n;
	} while (n > 0);
	/* Of that size and no more, for sanitizers. */
	_cleanup_free_ uint8_t *exact = memory_new(size);
	memcpy(exact, data, size);
	LLVMFuzzerTestOneInput(exact, size);
}

static unsigned replay_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	unsigned n = 0;

	CHECK(dir);
	for (struct dirent *entry; (entry = readdir(dir));) {
		if (entry->d_name[0] == '.')
			continue;
		_cleanup_free_ char *path = memory_printf("%s/%s", folder, entry->d_name);
		replay_file(path);
		n++;
	}
	closedir(dir);
	return n;
}

int main(int argc, char *argv[])
{
	const char *top = getenv("top_srcdir");

	if (argc > 1) {
		for (int i = 1; i < argc; i++)
			replay_file(argv[i]);
		return 0;
	}
	_cleanup_free_ char *folder =
	        memory_printf("%s/tests/fuzz/corpus/%s", top ? top : ".", FUZZ_CORPUS);
	const unsigned n = replay_folder(folder);
	printf("# R20: %u inputs of corpus %s\n", n, FUZZ_CORPUS);
	return n > 0 ? 0 : 1;
}
