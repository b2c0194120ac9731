/**
 * Seeded stories of a data directory: each is a run of a few dozen {@link io.milena.log.story.Step}s on a simulated disk that fails, fills up and loses its power, beside a model in memory
 * ({@link io.milena.log.story.LogModel}) that says after each step what must be there. {@link io.milena.log.story.LogStoryTest} tells many thousands of them; a further kind of step is
 * a class of its own and a line in {@link io.milena.log.story.Plot}.
 */
@NullMarked
package io.milena.log.story;

import org.jspecify.annotations.NullMarked;
