/**
 * One replicated partition as a model: brokers that die, pause and lose what they have not forced, a network that loses, delays and doubles, a controller that elects from the ISR and the eligible leader replicas,
 * all from one seed; and what has to hold after every event, one class each.
 */
@NullMarked
package io.milena.replication.model;

import org.jspecify.annotations.NullMarked;
