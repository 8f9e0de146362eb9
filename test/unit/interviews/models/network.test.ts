import { openNetwork } from '../../../../src/pipelines/interviews/models/network.js';
import { InferenceSession } from '../../../../src/platform/onnx-runtime.js';

const open = (why: string): Promise<unknown> => {
  jest.spyOn(InferenceSession, 'create').mockRejectedValueOnce(new Error(why));
  return openNetwork(new Uint8Array(8), 'model faces 1.0.0', { inputs: [], outputs: [] });
};
afterEach(() => jest.restoreAllMocks());

test('a network that there is no memory for may be opened later, and is no invalid model', async () => {
  await expect(open('Exception during initialization: std::bad_alloc')).rejects.toMatchObject({
    name: 'DependencyUnavailable',
    retryable: true,
    message: 'there is no memory for model faces 1.0.0',
  });
});

test('a network that is none is an invalid model', async () => {
  await expect(open('Load model failed: Protobuf parsing failed.')).rejects.toMatchObject({
    name: 'ModelInvalid',
    retryable: false,
  });
});
