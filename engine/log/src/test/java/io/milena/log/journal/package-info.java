/** Tests of the journal's own files; those of what it does for logs stand beside the logs'. */
@NullMarked
package io.milena.log.journal;

import org.jspecify.annotations.NullMarked;
