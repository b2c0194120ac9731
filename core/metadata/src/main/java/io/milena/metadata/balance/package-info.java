/**
 * A plan of moves that spreads a cluster's partitions evenly: for brokers that are new, brokers that shall go, and loads that have grown apart.
 *
 * <p>{@link io.milena.metadata.balance.BalancePlan} is a pure function of an image, of what replicas were measured to hold and to carry ({@link
 * io.milena.metadata.balance.ReplicaLoads}) and of what is wanted ({@link io.milena.metadata.balance.BalanceGoals}). The same input gives the same plan. Its moves are
 * assignments as AlterPartitionReassignments takes them; nothing here executes them.
 *
 * <p>Tested by small clusters whose best plan is plain, and by seeded random ones: nobody who shall go keeps a replica, racks are never worse off, and no load is further
 * apart than before.
 */
@NullMarked
package io.milena.metadata.balance;

import org.jspecify.annotations.NullMarked;
