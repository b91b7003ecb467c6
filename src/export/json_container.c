/* SPDX-License-Identifier: Apache-2.0 */
#include "export/json_container.h"

void json_container_string(struct json_writer *w, const char *key, const char *s)
{
	json_write_key(w, key);
	json_write_string(w, s);
}

void json_container_number(struct json_writer *w, const char *key, uint64_t number)
{
	json_write_key(w, key);
	json_write_number(w, number);
}

void json_container_write(struct json_writer *w, const struct container *container)
{
	if (!container) {
		json_write_null(w);
		return;
	}
	json_write_open(w, '{');
	json_container_string(w, "kind", container->kind_name);
	json_container_string(w, "id", container->id);
	json_container_string(w, "name", container->name);
	json_container_string(w, "image", container->image);
	json_container_string(w, "pod", container->pod);
	json_container_string(w, "pod_namespace", container->pod_namespace);
	json_container_string(w, "trust", container_trust_name(container->trust));
	if (container->trust == TRUST_USER)
		json_container_number(w, "uid", container->trust_uid);
	if (container->is_unverified) {
		json_write_key(w, "unverified");
		json_write_bool(w, true);
	}
	if (container->outer) {
		json_write_key(w, "outer");
		json_container_write(w, container->outer);
	}
	json_write_close(w, '}');
}
