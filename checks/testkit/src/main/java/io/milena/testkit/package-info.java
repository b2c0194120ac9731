/** The simulated world: one seed owns time, threads, disk and network. */
@NullMarked
package io.milena.testkit;

import org.jspecify.annotations.NullMarked;
