/** What creates, grows and deletes topics, through the controller. */
@NullMarked
package io.milena.broker.topics;

import org.jspecify.annotations.NullMarked;
