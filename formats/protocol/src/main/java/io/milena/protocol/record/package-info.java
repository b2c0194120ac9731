/** What is written to the internal topics and the metadata log: generated from Kafka's schemas. */
@NullMarked
package io.milena.protocol.record;

import org.jspecify.annotations.NullMarked;
