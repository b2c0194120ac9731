/**
 * Apache Kafka's log and cleaner, without its broker, as the judge of ours: {@link io.milena.log.kafka.KafkaStory} fills a partition from a seed and compacts it with Kafka's classes, and hands out the files before and
 * after.
 */
@NullMarked
package io.milena.log.kafka;

import org.jspecify.annotations.NullMarked;
