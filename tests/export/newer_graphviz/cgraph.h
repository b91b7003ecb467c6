/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What src/export may use of libcgraph as Graphviz after 14 declares it: agattr is gone, more is
 * const, and memory is its own. To compile against, where an older one is installed
 * (newer_graphviz.bats). */

#include <stdint.h>

#undef HAVE_DECL_AGATTR_TEXT
#define HAVE_DECL_AGATTR_TEXT 1
#undef CGRAPH_HAS_HEAP

typedef struct Agraph_s Agraph_t;
typedef struct Agnode_s Agnode_t;
typedef struct Agedge_s Agedge_t;
typedef struct Agsym_s Agsym_t;
typedef struct {
	int (*afread)(void *chan, char *buf, int bufsize);
	int (*putstr)(void *chan, const char *str);
	int (*flush)(void *chan);
} Agiodisc_t;
typedef struct Agiddisc_s Agiddisc_t;
typedef struct {
	Agiddisc_t *id;
	Agiodisc_t *io;
} Agdisc_t;
typedef struct {
	unsigned directed : 1;
} Agdesc_t;
typedef struct {
	unsigned objtype : 2;
} Agtag_t;
typedef struct {
	Agtag_t tag;
} Agobj_t;

enum { AGRAPH, AGNODE, AGEDGE };
#define AGTYPE(obj) (((Agobj_t *)(obj))->tag.objtype)

typedef int (*agusererrf)(char *message);

extern Agdesc_t Agdirected;

Agraph_t *agopen(char *name, Agdesc_t desc, Agdisc_t *disc);
int agclose(Agraph_t *g);
int agnnodes(Agraph_t *g);
int agwrite(Agraph_t *g, void *chan);
Agnode_t *agnode(Agraph_t *g, char *name, int create);
Agnode_t *agsubnode(Agraph_t *g, Agnode_t *n, int create);
Agedge_t *agedge(Agraph_t *g, Agnode_t *tail, Agnode_t *head, char *name, int create);
Agraph_t *agsubg(Agraph_t *g, char *name, int create);
char *agnameof(void *obj);
Agsym_t *agattr_text(Agraph_t *g, int kind, char *name, const char *value);
int agxset(void *obj, Agsym_t *sym, const char *value);
int agsafeset(void *obj, char *name, const char *value, const char *def);
agusererrf agseterrf(agusererrf spoken);
