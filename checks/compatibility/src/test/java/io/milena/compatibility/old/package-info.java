/** What runs on the class path of an old client, as a program of its own. */
@NullMarked
package io.milena.compatibility.old;

import org.jspecify.annotations.NullMarked;
