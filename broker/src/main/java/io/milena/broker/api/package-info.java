/**
 * From frame to handler and back: the catalog of the APIs that this broker serves, and the dispatcher that decodes, calls and encodes.
 *
 * <p>{@link io.milena.broker.api.ApiCatalog} is the single source of what is advertised: an API that is not in it is refused, one that is in it works; Milena's own
 * are served without being advertised.
 */
@NullMarked
package io.milena.broker.api;

import org.jspecify.annotations.NullMarked;
