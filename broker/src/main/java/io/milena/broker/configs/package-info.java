/** Settings of topics, of groups and of the broker: describing and changing them. */
@NullMarked
package io.milena.broker.configs;

import org.jspecify.annotations.NullMarked;
