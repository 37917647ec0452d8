/**
 * The functions of XGBoost's C library that this package calls, in the order of its header
 * (include/xgboost/c_api.h), each with its prototype. Adding one here is all it takes to call it.
 */

/** What an argument is called in the table, and the JavaScript value that stands for it. */
export interface ArgumentTypes {
  /** `DMatrixHandle`, `BoosterHandle`: an address. */
  handle: bigint | null;
  /** `DMatrixHandle[]`: addresses in a row. */
  handles: BigUint64Array;
  /** `char const *`: UTF-8, copied for the call. */
  text: string | null;
  /** `char const **`: copied for the call. */
  texts: string[];
  int: number;
  /** `bst_ulong`, which is `uint64_t`. */
  ulong: number;
  float: number;
  /** `float const *`: borrowed for the call. */
  floats: Float32Array;
  /** `int const *`: borrowed for the call. */
  ints: Int32Array;
  /** `void const *`: borrowed for the call. */
  bytes: Uint8Array;
  /** `int *` that the call fills. */
  outInt: [number];
  /** `bst_ulong *` that the call fills. */
  outUlong: [number | bigint];
  /** Any `T **` that the call fills with an address of memory the library keeps. */
  outPointer: [bigint | null];
  /** `void (*)(void *)`, called only while the call runs. */
  resetCallback: (iterator: unknown) => void;
  /** `int (*)(void *)`, called only while the call runs. */
  nextCallback: (iterator: unknown) => number;
  /** `void (*)(char const *)` that was registered and so outlives the call. */
  logCallback: bigint;
}

export type ArgumentType = keyof ArgumentTypes;

export const declarations = {
  // XGB_DLL void XGBoostVersion(int* major, int* minor, int* patch);
  XGBoostVersion: ['outInt', 'outInt', 'outInt'],
  // XGB_DLL int XGBuildInfo(char const **out);
  XGBuildInfo: ['outPointer'],
  // XGB_DLL const char *XGBGetLastError(void);
  XGBGetLastError: [],
  // XGB_DLL int XGBRegisterLogCallback(void (*callback)(const char*));
  XGBRegisterLogCallback: ['logCallback'],
  // XGB_DLL int XGBSetGlobalConfig(char const *config);
  XGBSetGlobalConfig: ['text'],
  // XGB_DLL int XGBGetGlobalConfig(char const **out_config);
  XGBGetGlobalConfig: ['outPointer'],
  // XGB_DLL int XGDMatrixCreateFromFile(const char *fname, int silent, DMatrixHandle *out);
  XGDMatrixCreateFromFile: ['text', 'int', 'outPointer'],
  // XGB_DLL int XGDMatrixCreateFromURI(char const *config, DMatrixHandle *out);  (since 2.0)
  XGDMatrixCreateFromURI: ['text', 'outPointer'],
  // XGB_DLL int XGDMatrixCreateFromColumnar(char const *data, char const *config, DMatrixHandle *out);  (since 2.0)
  XGDMatrixCreateFromColumnar: ['text', 'text', 'outPointer'],
  // XGB_DLL int XGDMatrixCreateFromCSR(char const *indptr, char const *indices, char const *data, bst_ulong ncol,
  //                                    char const *config, DMatrixHandle *out);
  XGDMatrixCreateFromCSR: ['text', 'text', 'text', 'ulong', 'text', 'outPointer'],
  // XGB_DLL int XGDMatrixCreateFromMat_omp(const float *data, bst_ulong nrow, bst_ulong ncol, float missing,
  //                                        DMatrixHandle *out, int nthread);
  XGDMatrixCreateFromMat_omp: ['floats', 'ulong', 'ulong', 'float', 'outPointer', 'int'],
  // XGB_DLL int XGProxyDMatrixCreate(DMatrixHandle* out);
  XGProxyDMatrixCreate: ['outPointer'],
  // XGB_DLL int XGDMatrixCreateFromCallback(DataIterHandle iter, DMatrixHandle proxy, DataIterResetCallback *reset,
  //                                         XGDMatrixCallbackNext *next, char const *config, DMatrixHandle *out);
  XGDMatrixCreateFromCallback: ['handle', 'handle', 'resetCallback', 'nextCallback', 'text', 'outPointer'],
  // XGB_DLL int XGQuantileDMatrixCreateFromCallback(DataIterHandle iter, DMatrixHandle proxy, DataIterHandle ref,
  //                                                 DataIterResetCallback *reset, XGDMatrixCallbackNext *next,
  //                                                 char const *config, DMatrixHandle *out);
  XGQuantileDMatrixCreateFromCallback: [
    'handle',
    'handle',
    'handle',
    'resetCallback',
    'nextCallback',
    'text',
    'outPointer',
  ],
  // XGB_DLL int XGExtMemQuantileDMatrixCreateFromCallback(DataIterHandle iter, DMatrixHandle proxy, DataIterHandle ref,
  //                                                       DataIterResetCallback *reset, XGDMatrixCallbackNext *next,
  //                                                       char const *config, DMatrixHandle *out);  (since 3.0)
  XGExtMemQuantileDMatrixCreateFromCallback: [
    'handle',
    'handle',
    'handle',
    'resetCallback',
    'nextCallback',
    'text',
    'outPointer',
  ],
  // XGB_DLL int XGProxyDMatrixSetDataColumnar(DMatrixHandle handle, char const *data);  (since 2.1)
  XGProxyDMatrixSetDataColumnar: ['handle', 'text'],
  // XGB_DLL int XGProxyDMatrixSetDataDense(DMatrixHandle handle, char const *c_interface_str);
  XGProxyDMatrixSetDataDense: ['handle', 'text'],
  // XGB_DLL int XGProxyDMatrixSetDataCSR(DMatrixHandle handle, char const *indptr, char const *indices, char const *data,
  //                                      bst_ulong ncol);
  XGProxyDMatrixSetDataCSR: ['handle', 'text', 'text', 'text', 'ulong'],
  // XGB_DLL int XGDMatrixSliceDMatrixEx(DMatrixHandle handle, const int *idxset, bst_ulong len, DMatrixHandle *out,
  //                                     int allow_groups);
  XGDMatrixSliceDMatrixEx: ['handle', 'ints', 'ulong', 'outPointer', 'int'],
  // XGB_DLL int XGDMatrixFree(DMatrixHandle handle);
  XGDMatrixFree: ['handle'],
  // XGB_DLL int XGDMatrixSaveBinary(DMatrixHandle handle, const char *fname, int silent);
  XGDMatrixSaveBinary: ['handle', 'text', 'int'],
  // XGB_DLL int XGDMatrixSetInfoFromInterface(DMatrixHandle handle, char const *field, char const *data);
  XGDMatrixSetInfoFromInterface: ['handle', 'text', 'text'],
  // XGB_DLL int XGDMatrixSetStrFeatureInfo(DMatrixHandle handle, const char *field, const char **features,
  //                                        const bst_ulong size);
  XGDMatrixSetStrFeatureInfo: ['handle', 'text', 'texts', 'ulong'],
  // XGB_DLL int XGDMatrixGetStrFeatureInfo(DMatrixHandle handle, const char *field, bst_ulong *size,
  //                                        const char ***out_features);
  XGDMatrixGetStrFeatureInfo: ['handle', 'text', 'outUlong', 'outPointer'],
  // XGB_DLL int XGDMatrixGetFloatInfo(const DMatrixHandle handle, const char *field, bst_ulong *out_len,
  //                                   const float **out_dptr);
  XGDMatrixGetFloatInfo: ['handle', 'text', 'outUlong', 'outPointer'],
  // XGB_DLL int XGDMatrixGetUIntInfo(const DMatrixHandle handle, const char *field, bst_ulong *out_len,
  //                                  const unsigned **out_dptr);
  XGDMatrixGetUIntInfo: ['handle', 'text', 'outUlong', 'outPointer'],
  // XGB_DLL int XGDMatrixNumRow(DMatrixHandle handle, bst_ulong *out);
  XGDMatrixNumRow: ['handle', 'outUlong'],
  // XGB_DLL int XGDMatrixNumCol(DMatrixHandle handle, bst_ulong *out);
  XGDMatrixNumCol: ['handle', 'outUlong'],
  // XGB_DLL int XGDMatrixNumNonMissing(DMatrixHandle handle, bst_ulong *out);
  XGDMatrixNumNonMissing: ['handle', 'outUlong'],
  // XGB_DLL int XGDMatrixGetQuantileCut(DMatrixHandle const handle, char const *config, char const **out_indptr,
  //                                     char const **out_data);  (since 2.0)
  XGDMatrixGetQuantileCut: ['handle', 'text', 'outPointer', 'outPointer'],
  // XGB_DLL int XGBoosterCreate(const DMatrixHandle dmats[], bst_ulong len, BoosterHandle *out);
  XGBoosterCreate: ['handles', 'ulong', 'outPointer'],
  // XGB_DLL int XGBoosterFree(BoosterHandle handle);
  XGBoosterFree: ['handle'],
  // XGB_DLL int XGBoosterSlice(BoosterHandle handle, int begin_layer, int end_layer, int step, BoosterHandle *out);
  XGBoosterSlice: ['handle', 'int', 'int', 'int', 'outPointer'],
  // XGB_DLL int XGBoosterBoostedRounds(BoosterHandle handle, int* out);
  XGBoosterBoostedRounds: ['handle', 'outInt'],
  // XGB_DLL int XGBoosterSetParam(BoosterHandle handle, const char *name, const char *value);
  XGBoosterSetParam: ['handle', 'text', 'text'],
  // XGB_DLL int XGBoosterGetNumFeature(BoosterHandle handle, bst_ulong *out);
  XGBoosterGetNumFeature: ['handle', 'outUlong'],
  // XGB_DLL int XGBoosterUpdateOneIter(BoosterHandle handle, int iter, DMatrixHandle dtrain);
  XGBoosterUpdateOneIter: ['handle', 'int', 'handle'],
  // XGB_DLL int XGBoosterBoostOneIter(BoosterHandle handle, DMatrixHandle dtrain, float *grad, float *hess,
  //                                   bst_ulong len);  (deprecated since 2.1)
  XGBoosterBoostOneIter: ['handle', 'handle', 'floats', 'floats', 'ulong'],
  // XGB_DLL int XGBoosterTrainOneIter(BoosterHandle handle, DMatrixHandle dtrain, int iter, char const *grad,
  //                                   char const *hess);  (since 2.0)
  XGBoosterTrainOneIter: ['handle', 'handle', 'int', 'text', 'text'],
  // XGB_DLL int XGBoosterEvalOneIter(BoosterHandle handle, int iter, DMatrixHandle dmats[], const char *evnames[],
  //                                  bst_ulong len, const char **out_result);
  XGBoosterEvalOneIter: ['handle', 'int', 'handles', 'texts', 'ulong', 'outPointer'],
  // XGB_DLL int XGBoosterPredictFromDMatrix(BoosterHandle handle, DMatrixHandle dmat, char const *config,
  //                                         bst_ulong const **out_shape, bst_ulong *out_dim,
  //                                         float const **out_result);
  XGBoosterPredictFromDMatrix: ['handle', 'handle', 'text', 'outPointer', 'outUlong', 'outPointer'],
  // XGB_DLL int XGBoosterPredictFromDense(BoosterHandle handle, char const *values, char const *config, DMatrixHandle m,
  //                                       bst_ulong const **out_shape, bst_ulong *out_dim, float const **out_result);
  XGBoosterPredictFromDense: ['handle', 'text', 'text', 'handle', 'outPointer', 'outUlong', 'outPointer'],
  // XGB_DLL int XGBoosterPredictFromColumnar(BoosterHandle handle, char const *values, char const *config,
  //                                          DMatrixHandle m, bst_ulong const **out_shape, bst_ulong *out_dim,
  //                                          const float **out_result);  (since 2.1)
  XGBoosterPredictFromColumnar: ['handle', 'text', 'text', 'handle', 'outPointer', 'outUlong', 'outPointer'],
  // XGB_DLL int XGBoosterPredictFromCSR(BoosterHandle handle, char const *indptr, char const *indices,
  //                                     char const *values, bst_ulong ncol, char const *config, DMatrixHandle m,
  //                                     bst_ulong const **out_shape, bst_ulong *out_dim, float const **out_result);
  XGBoosterPredictFromCSR: [
    'handle',
    'text',
    'text',
    'text',
    'ulong',
    'text',
    'handle',
    'outPointer',
    'outUlong',
    'outPointer',
  ],
  // XGB_DLL int XGBoosterLoadModelFromBuffer(BoosterHandle handle, const void *buf, bst_ulong len);
  XGBoosterLoadModelFromBuffer: ['handle', 'bytes', 'ulong'],
  // XGB_DLL int XGBoosterSaveModelToBuffer(BoosterHandle handle, char const *config, bst_ulong *out_len,
  //                                        char const **out_dptr);
  XGBoosterSaveModelToBuffer: ['handle', 'text', 'outUlong', 'outPointer'],
  // XGB_DLL int XGBoosterSaveJsonConfig(BoosterHandle handle, bst_ulong *out_len, char const **out_str);
  XGBoosterSaveJsonConfig: ['handle', 'outUlong', 'outPointer'],
  // XGB_DLL int XGBoosterLoadJsonConfig(BoosterHandle handle, char const *config);
  XGBoosterLoadJsonConfig: ['handle', 'text'],
  // XGB_DLL int XGBoosterDumpModelEx(BoosterHandle handle, const char *fmap, int with_stats, const char *format,
  //                                  bst_ulong *out_len, const char ***out_dump_array);
  XGBoosterDumpModelEx: ['handle', 'text', 'int', 'text', 'outUlong', 'outPointer'],
  // XGB_DLL int XGBoosterGetAttr(BoosterHandle handle, const char* key, const char** out, int *success);
  XGBoosterGetAttr: ['handle', 'text', 'outPointer', 'outInt'],
  // XGB_DLL int XGBoosterSetAttr(BoosterHandle handle, const char* key, const char* value);
  XGBoosterSetAttr: ['handle', 'text', 'text'],
  // XGB_DLL int XGBoosterGetAttrNames(BoosterHandle handle, bst_ulong* out_len, const char*** out);
  XGBoosterGetAttrNames: ['handle', 'outUlong', 'outPointer'],
  // XGB_DLL int XGBoosterSetStrFeatureInfo(BoosterHandle handle, const char *field, const char **features,
  //                                        const bst_ulong size);
  XGBoosterSetStrFeatureInfo: ['handle', 'text', 'texts', 'ulong'],
  // XGB_DLL int XGBoosterGetStrFeatureInfo(BoosterHandle handle, const char *field, bst_ulong *len,
  //                                        const char ***out_features);
  XGBoosterGetStrFeatureInfo: ['handle', 'text', 'outUlong', 'outPointer'],
  // XGB_DLL int XGBoosterFeatureScore(BoosterHandle handle, const char *config, bst_ulong *out_n_features,
  //                                   char const ***out_features, bst_ulong *out_dim, bst_ulong const **out_shape,
  //                                   float const **out_scores);
  XGBoosterFeatureScore: ['handle', 'text', 'outUlong', 'outPointer', 'outUlong', 'outPointer', 'outPointer'],
} as const satisfies Record<string, readonly ArgumentType[]>;

export type FunctionName = keyof typeof declarations;

type ValuesOf<Types extends readonly ArgumentType[]> = {
  -readonly [Index in keyof Types]: ArgumentTypes[Types[Index]];
};

/** The JavaScript arguments of one declared function. */
export type ArgumentsOf<Name extends FunctionName> = ValuesOf<(typeof declarations)[Name]>;
