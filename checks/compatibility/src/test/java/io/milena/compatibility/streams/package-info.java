/** Programs that {@code StreamsTest} starts and kills. */
@NullMarked
package io.milena.compatibility.streams;

import org.jspecify.annotations.NullMarked;
