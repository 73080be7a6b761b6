/**
 * Runs a TensorFlow.js graph model on the cpu backend: the original that a converted network is compared with.
 * usage: node runTfjs.mjs MODEL_JSON INPUT_F32 SHAPE OUTPUT_PREFIX   (SHAPE like 1,128,128,3)
 * Writes OUTPUT_PREFIX.NAME.f32 for every output of the signature.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const here = path.dirname(new URL(import.meta.url).pathname);
const tf = createRequire(path.join(here, '.cache', 'tfjs', 'package.json'))('@tensorflow/tfjs');

const [modelFile, inputFile, shapeText, prefix] = process.argv.slice(2);
const json = JSON.parse(readFileSync(modelFile, 'utf8'));
const group = json.weightsManifest[0];
const weights = Buffer.concat(group.paths.map((name) => readFileSync(path.join(path.dirname(modelFile), name))));

await tf.setBackend('cpu');
const model = await tf.loadGraphModel({
  load: async () => ({
    modelTopology: json.modelTopology,
    signature: json.signature,
    format: 'graph-model',
    weightSpecs: group.weights,
    weightData: weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.byteLength),
  }),
});
const input = readFileSync(inputFile);
const values = new Float32Array(input.buffer.slice(input.byteOffset, input.byteOffset + input.byteLength));
const keys = Object.keys(json.signature.outputs);
const names = keys.map((key) => json.signature.outputs[key].name);
const outputs = model.execute(tf.tensor(values, shapeText.split(',').map(Number)), names);
for (const [index, tensor] of [outputs].flat().entries()) {
  writeFileSync(`${prefix}.${keys[index]}.f32`, Buffer.from(tensor.dataSync().buffer));
}
