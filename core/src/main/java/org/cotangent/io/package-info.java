/** Tensors in files. */
package org.cotangent.io;
