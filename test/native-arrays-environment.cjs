const { TestEnvironment } = require('jest-environment-node');

// onnxruntime makes its results outside jest's realm, whose typed arrays are other classes: `instanceof` fails between them.
module.exports = class NativeArraysEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    Object.assign(this.global, { Float32Array, Float64Array, BigInt64Array });
  }
};
