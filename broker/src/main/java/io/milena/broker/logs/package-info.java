/** Log lines for programs, where they are asked for ({@code milena.log.format=json}). What is logged is said where it happens, through {@code System.Logger}. */
@NullMarked
package io.milena.broker.logs;

import org.jspecify.annotations.NullMarked;
