/** Datasets, and loaders that go through them in batches. */
package org.cotangent.data;
