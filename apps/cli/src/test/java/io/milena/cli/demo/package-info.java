/** How the story is shown. */
@NullMarked
package io.milena.cli.demo;

import org.jspecify.annotations.NullMarked;
