/** Optimisers, gradient clipping and learning rate schedules. */
package org.cotangent.optim;
