/** Layers of neural networks: trees of named parameters that map a tensor to a tensor. */
package org.cotangent.nn;
