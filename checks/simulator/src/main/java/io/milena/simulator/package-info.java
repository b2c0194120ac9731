/**
 * The whole broker in a world made of one seed: workloads that speak the wire protocol, crashes in between, and the judgement of what they saw.
 *
 * <p>A {@link io.milena.simulator.CrashStory} is one run: writers, readers and a committer on one computer, a broker on another that is killed or loses
 * power again and again. Clients tell the {@link io.milena.simulator.History} what was promised to them; at the end it is held against the log.
 * A {@link io.milena.simulator.TransactionStory} copies in transactions and keeps a {@link io.milena.simulator.Ledger}; an {@link io.milena.simulator.AppendStory} appends
 * and polls, and has its history searched for {@code anomalies}. Members of a group are a {@link io.milena.simulator.Team} that shares partitions.
 *
 * <p>Transactional workloads are a {@link io.milena.simulator.Work} that asks {@link io.milena.simulator.Brokers}: one broker here, a cluster in {@code cluster}.
 *
 * <p>{@code cluster} has brokers that replicate, and {@code invariants} what must hold between any two of their steps.
 *
 * <p>Threads: the simulated ones of {@code io.milena.testkit}, which all run on the test's thread and switch only where they wait. So a history needs no
 * locks, and a seed repeats its run exactly.
 *
 * <p>Tested: by seeds that must hold, and by a broker that promises too early, whose lies the same stories must find. Not here: the simulated
 * clock, disk and network ({@code checks/testkit}).
 */
@NullMarked
package io.milena.simulator;

import org.jspecify.annotations.NullMarked;
