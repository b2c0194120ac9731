/**
 * Apache Kafka's own command line tools, which run beside ours and are no part of Milena.
 *
 * <p>{@link io.milena.cli.kafka.ToolJars} is a program of its own, run by {@code bin/kafka-run-class.sh} on first use: it fetches a pinned list of jars from {@link io.milena.cli.kafka.MavenRepository}, Maven Central or
 * its mirror, and keeps only what has the listed SHA-256. Tested against a repository in a folder.
 */
@NullMarked
package io.milena.cli.kafka;

import org.jspecify.annotations.NullMarked;
