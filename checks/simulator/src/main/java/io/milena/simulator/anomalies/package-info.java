/**
 * Whether a history of transactions over logs is one that Kafka's promises allow, judged as Jepsen judges Kafka and its clones: without knowing what the broker did, from what clients sent, saw and were told.
 *
 * <p>Clients append values to keys (a key is a partition) and poll keys, both in transactions, and every value is appended once. {@link io.milena.simulator.anomalies.TransactionHistory} takes it down; {@link
 * io.milena.simulator.anomalies.Checker} answers each {@link io.milena.simulator.anomalies.Anomaly}: {@link io.milena.simulator.anomalies.Observations} is what was seen of each key, {@link
 * io.milena.simulator.anomalies.Dependencies} who saw or followed whom. The names in brackets are Adya's ("Weak Consistency", 1999).
 *
 * <p>Kafka does not isolate writers from each other: two open transactions may write to two partitions in different orders. So a cycle that needs the order of writes is an anomaly only where
 * transactions cannot overlap; one of reads alone always is.
 *
 * <p>Pure, for one thread. Tested: each anomaly is found in a small history that has it, and in no other. Not here: the stories that make histories.
 */
@NullMarked
package io.milena.simulator.anomalies;

import org.jspecify.annotations.NullMarked;
