/* SPDX-License-Identifier: Apache-2.0 */
#include "view/words_container.h"

#include "base/escape.h"
#include "view/words.h"

#include <string.h>

enum {
	ID_LENGTH = 64,
	ID_SHORT = 12,    /* digits of an id, as container engines show it, */
	POD_ID_SHORT = 8, /* and of the UID of a pod: those before its first hyphen */
};

static void write_text(FILE *out, const char *raw)
{
	escape_write(out, raw, strlen(raw), 0);
}

static bool is_set(const char *text)
{
	return text && *text;
}

/* An id of 64 digits is cut; another one is the name that the engine knows. */
static void write_id(FILE *out, const char *id)
{
	const size_t len = strlen(id);
	const bool is_number = len == ID_LENGTH && strspn(id, "0123456789abcdef") == len;

	escape_write(out, id, is_number ? ID_SHORT : len, 0);
}

void words_container_pod(FILE *out, const struct container *container)
{
	if (is_set(container->pod)) {
		write_text(out, container->pod);
		fputs(" (pod)", out);
	} else if (is_set(container->pod_id)) {
		fputs("pod ", out);
		escape_write(out, container->pod_id, strnlen(container->pod_id, POD_ID_SHORT), 0);
	}
}

static bool has_pod(const struct container *container)
{
	return is_set(container->pod) || is_set(container->pod_id);
}

static void write_itself(FILE *out, const struct container *container)
{
	if (is_set(container->name)) {
		write_text(out, container->name);
		return;
	}
	if (!container_is_label(container)) {
		write_text(out, container->kind_name);
		fputc(' ', out);
	}
	write_id(out, container->id);
}

void words_container(FILE *out, const struct container *container)
{
	if (has_pod(container) && container->is_sandbox) {
		fputs("sandbox of ", out);
		words_container_pod(out, container);
	} else {
		write_itself(out, container);
		if (has_pod(container)) {
			fputs(" in ", out);
			words_container_pod(out, container);
		}
	}
	if (container->is_unverified)
		fputs(" (unverified)", out);
}

void words_container_trust(FILE *out, const struct container *container, const struct names *names)
{
	if (container->is_unverified) {
		fputs("unverified", out);
		return;
	}
	switch (container->trust) {
	case TRUST_ROOT:
		fputs("root", out);
		return;
	case TRUST_USER:
		fputs("user ", out);
		words_user(out, container->trust_uid, names);
		fputs(" says", out);
		return;
	case TRUST_CONTAINER:
		fputs("inside ", out);
		words_container(out, container->outer);
		fputs(" says", out);
		return;
	case TRUST_UNKNOWN:
		break;
	}
	fputs("unknown", out);
}
