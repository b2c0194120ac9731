/**
 * The rules of ARCHITECTURE.md and CONTRIBUTING.md as ordinary tests.
 *
 * <p>{@code LayeringTest} reads the poms, {@code CallsTest} the compiled classes of every module (so it runs after all of them), {@code
 * SourcesTest} the source files. A failing rule says what to do instead. There is no list of suppressions; the few places that may touch the
 * machine are part of the rule's own text.
 */
@NullMarked
package io.milena.tidy;

import org.jspecify.annotations.NullMarked;
