/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/places.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void places_release(struct places *places)
{
	free(places->all);
	*places = (struct places){0};
}

static void forget(struct places *places, size_t index)
{
	memmove(&places->all[index], &places->all[index + 1],
	        (places->n - index - 1) * sizeof(*places->all));
	places->n--;
}

void places_visit(struct places *places, const struct place *here)
{
	if (places->at == PLACES_MAX) {
		forget(places, 0);
		places->at--;
	}
	places->all =
	        memory_grow(places->all, &places->capacity, places->at + 1, sizeof(*places->all));
	places->all[places->at++] = *here;
	places->n = places->at;
}

bool places_back(struct places *places, const struct place *here, struct place *ret)
{
	if (!places->at)
		return false;
	places->at--;
	*ret = places->all[places->at];
	places->all[places->at] = *here;
	return true;
}

bool places_forward(struct places *places, const struct place *here, struct place *ret)
{
	if (places->at == places->n)
		return false;
	*ret = places->all[places->at];
	places->all[places->at] = *here;
	places->at++;
	return true;
}

void places_forget_back(struct places *places)
{
	forget(places, places->at);
}

void places_forget_forward(struct places *places)
{
	forget(places, --places->at);
}
