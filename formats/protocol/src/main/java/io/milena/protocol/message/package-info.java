/** Requests, responses, headers and the consumer protocol: generated from Kafka's schemas. */
@NullMarked
package io.milena.protocol.message;

import org.jspecify.annotations.NullMarked;
