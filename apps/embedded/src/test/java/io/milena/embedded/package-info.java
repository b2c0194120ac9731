@NullMarked
package io.milena.embedded;

import org.jspecify.annotations.NullMarked;
