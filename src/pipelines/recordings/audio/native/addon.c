// The add-on's ends towards Node. Node-API is stable: what is compiled for one version of Node runs in all later ones.

#include "kernels.h"

#include <node_api.h>

/** The memory, and `count` addresses in it. @return false when the arguments are others; JavaScript is told */
static bool readArguments(napi_env env, napi_callback_info info, size_t count, Memory *memory, uint32_t *addresses) {
  napi_value values[7];
  size_t given = count + 1;
  void *bytes = NULL;
  bool right = napi_get_cb_info(env, info, &given, values, NULL, NULL) == napi_ok && given == count + 1 &&
               napi_get_arraybuffer_info(env, values[0], &bytes, &memory->length) == napi_ok;
  for (size_t i = 0; right && i < count; i++) right = napi_get_value_uint32(env, values[i + 1], addresses + i) == napi_ok;
  memory->bytes = bytes;
  if (!right) napi_throw_type_error(env, NULL, "a kernel takes its memory and addresses in it");
  return right;
}

static void refuse(napi_env env) {
  napi_throw_range_error(env, NULL, "a kernel's area is not in its memory");
}

static napi_value call(napi_env env, napi_callback_info info, size_t count, bool (*kernel)(Memory memory, const uint32_t *)) {
  Memory memory;
  uint32_t numbers[6];
  if (readArguments(env, info, count, &memory, numbers) && !kernel(memory, numbers)) refuse(env);
  return NULL;
}

static napi_value callPowerSpectra(napi_env env, napi_callback_info info) {
  return call(env, info, 6, powerSpectra);
}

static napi_value callSpectralShapesTwice(napi_env env, napi_callback_info info) {
  return call(env, info, 4, spectralShapesTwice);
}

static napi_value callMelPowersTwice(napi_env env, napi_callback_info info) {
  return call(env, info, 4, melPowersTwice);
}

static napi_value callToDecibels(napi_env env, napi_callback_info info) {
  return call(env, info, 2, toDecibels);
}

static napi_value callCepstra(napi_env env, napi_callback_info info) {
  return call(env, info, 6, cepstra);
}

static napi_value callFindPitchesTwice(napi_env env, napi_callback_info info) {
  return call(env, info, 6, findPitchesTwice);
}

static napi_value callTransform(napi_env env, napi_callback_info info) {
  Memory memory;
  uint32_t addresses[3], found;
  napi_value result = NULL;
  if (!readArguments(env, info, 3, &memory, addresses)) return NULL;
  if (!transform(memory, addresses, &found)) refuse(env);
  else napi_create_uint32(env, found, &result);
  return result;
}

static void give(napi_env env, napi_value exports, const char *name, napi_callback callback) {
  napi_value function;
  if (napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, NULL, &function) == napi_ok) {
    napi_set_named_property(env, exports, name, function);
  }
}

/** Exports nothing where the processor has no such vectors. */
NAPI_MODULE_INIT() {
  if (!__builtin_cpu_supports("avx2")) return exports;
  give(env, exports, "powerSpectra", callPowerSpectra);
  give(env, exports, "spectralShapesTwice", callSpectralShapesTwice);
  give(env, exports, "melPowersTwice", callMelPowersTwice);
  give(env, exports, "toDecibels", callToDecibels);
  give(env, exports, "cepstra", callCepstra);
  give(env, exports, "findPitchesTwice", callFindPitchesTwice);
  give(env, exports, "transform", callTransform);
  return exports;
}
