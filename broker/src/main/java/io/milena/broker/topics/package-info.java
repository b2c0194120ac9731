/** What creates, grows, deletes and restores topics, through the controller. */
@NullMarked
package io.milena.broker.topics;

import org.jspecify.annotations.NullMarked;
