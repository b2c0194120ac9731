/** Stories of replication as plain text, line by line what happens and what comes of it. */
@NullMarked
package io.milena.replication.script;

import org.jspecify.annotations.NullMarked;
